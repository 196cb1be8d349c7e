"""Frozen data of the signature `sig_v1`.

Rebuilt by `python benchmarks/train_signature.py --write`.
"""

from __future__ import annotations

import base64
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

UNICODE_VERSION = "14.0.0"
"""The Unicode version the normaliser was made with."""


def _decode(text: str, dtype: str) -> NDArray[Any]:
    data = zlib.decompress(base64.b85decode("".join(text.split())))
    values: NDArray[Any] = np.frombuffer(data, dtype=dtype)
    return values


def normaliser() -> NDArray[np.uint32]:
    """Return, for every code point, the one it counts as, or 0 where it is dropped (uint32)."""
    lengths, shifts = _decode(_RUNS, "<i4").reshape(2, -1)
    table = np.arange(0x110000, dtype=np.int64) + np.repeat(shifts, lengths)
    table[np.repeat(shifts == _DROPPED, lengths)] = 0
    points: NDArray[np.uint32] = table.astype(np.uint32)
    return points


def coefficients() -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the factors and the summands of the 128 min-hash permutations (uint32)."""
    factors, summands = _decode(_COEFFICIENTS, "<u4").reshape(2, 128)
    return factors, summands


_DROPPED = -0x200000

_RUNS = """
c-
rmV2YeJo`@r$dr3XS1T4>T+2qp9`y$MQ{j?zKt(tGbkK%{pB3#b&SN(og!N~DWYr0A=tfT*;~{C~?m_s_8JrBM`o@BMtf@3Uog
c4l^Fc5g3-
5r$y|z!&M@Be4KHWV=n4O`h7aE1}wP`nq2{$35?C|ML3%oo$%dw)A`o*UgrI^Z7nU{mR`xWB5LWHfoi?bpG%{QY1@Y`5H>hlfb
c{j|ZPP#)-4OAzIl|%W~4^bp9~w7>vw_c!tX6=N@<NIq4adQ@a-
Ce347rR}JZ9&NAggI8w=TqnCE9my5icY0E*9)>m8hkn!qFlMyeV36jXRWO7b_ImUS&Z<(*WwE0V)=geo%v~s>Al0J=A&k&hYOQ
D!{Tykw5_H@x#on;8n%I_s(+@?wGVm|kjw4Ro_2gY)aq_XUz?e~*)uXxTC+nCD~%h>akI_dMMwN0((v1!-
B+I~TnwsPi`Bmr&ZD&LISc2CPS@YVW@^ZM%dLT8)XV!3D7wDg|R?#?o$lIxRPo5wvZpKpS-ZRsrMvRT@}&vKo-
;>b6^MLT4&<gK@ZP5QO<x`nwIZ+f22v7AC{KX0kCr#5c<Ep6v3<q44U>i670+3zp=bGc}LZ;5Fv+XGxI+qCo^TE5nClUZx0lyW
USEpt?SF{##m>E*mVWgbc?ea%N3hx(ZI)Y`_`PXjH_Q~`2qP8V%qlk+&Y*Yb!do6W@-
cWw`}tY<M2c3hCGm$YoJBy(>{Z9WK==TVzB#yZ<#`kk}?n{}xv`;*AIlS@0KkbIL%4Ak1qEK3n&vs@2Pt<3^tY&zGQNdDeZuB?
_ettx3VNgvFu^(C`xdF4FL_aElA95M#YK2}t&hkkx%nOn%ak`Nig&T@vyd}XF9A$ey<2H9_>D;Uds<Z50H*XF1&tzCR9^O&>Fd
E<EA@=L(;nC%fhm&cXP(?y<odS`oPeL|o4y<#bo&2oHs_w%3IQ{e6Xob$}_*PfmAXKFtSSNjw4`QGm_KMVWC!uANCp%eQ~)YI}
=$7adf%km6mi=)3ML{Cc{e6&0QEbp!2n%kYv{Egyi7uzF@Lz|@?6Pt%Ej`DaVaQ?7aKJ&UdhnMkey_>P#W1V$5X?ytdLwtFpG!
mCSoyPgOt&h#|9M;*(@!2He3D(!<;vK7du7CF4G5W+aKl*EFWBWW-
Li_v_tbI1{wY;}TOspfz-6Yn3j^DkzxjhdG$k<P-jbHCr-
qkg<ymvJ<b#ZSCkL7;vsm(q5d$v@Ge4cRix!OCPXO`GLi$BhH<<9Ta%=xeKV|>SDOW-q??Gc_U-QS=6cN+h{@!8KOp3lNQkMO)
|i{qL8pKRB^`&rvMUj#g%@#cPJee}OKa`jo+_89%d|0(s+9cdl!Iwv=Dyw}g~eDCVvs80s@y!E`!gTc>08S2RQ3;vHWrab@0$J
XP%LyPYo@o#P4#5^aZiD#~`ei!YfeJ35LeFs)VzP~G^eXo^9`(DtRcTP#;{JV@7<oUaR9G}GU9x$!;-
F2vzr=Rwnw~u9?r<BL~y_3!IoUgZqr}i$<SNs0o`X1OPme2g*@yz8uGB;$C_H&l|y>Q2QLZv?D_kmtn-
1k>EH@C<C9ASGxd3pXzJ`215ZuNijZ(HNqpEQxrQ?^8m2j5uovbp#hNB7@!Kix7U=JRqE_x;1=dyRw~<C%!RSFk;SYiN6nK4^>
Mo#m76`*D3XwLRkR&>r>uLSnD0R~+qZOT;tClXyOP67Sh;k2o(R^nKuy%-
fd8=RAEm`9C~o+n&O+s_kF!T$Y&Mx#oVvbM$(|_g*#^VjJ%XeeZ2cz&++k<n=iBm?u?_#9X5kvHbQv$v^lEmXPo7;_An7eedlV
%R4paG1;`|@pM`n>F03%rYM>Gt@uDWCZEKT^0)YAnp^UY(fPOb!P;-
xvdjCqj8Z@6yGiG7jIvvPm*XwJ6*I?UA4%hUkC$D`(@WC$$@|fy+Vu>I<u^`o?Ki)xDee*T+g#`GhtfRd?<yZ9-^9-
0`kYk7#ot=wjpc6wLM^{z%PDQ*FMpqq!t(b6S+w7GRF%Kw@{;enZ1Vm&$nskg59vG3->rqp`J8_Tky+~-8MOD-
!SY)|=WkSO+V6+bNj}cM{i<PJTNIY}!i8mD9_cq`9yvW?&YMSTqgS+kmRkCdmz*oPe81=XPA^pQD=KBk=wkj3lrfZ9`^}`Y?%A
b%0$lvA!cWGnr}lX|LdK_;lq-qlS<?CYspQ&w{syu9K1m-
J0owNkA+r9cza>nrmDk+9P}(QCoY!0OcOH{b>Xp*PcO_=J6;iG+Z7zt=zEe%&yq@xXL7?R~m&N4TrIIpv$-
d1p4tmM8DJ=W_Ec36QrLJkTcJt7FM;jnxz<GQw7vG&`(Aqn<){d#Py5!f!S#s&iz8*2(dF0T34;Cb2$y?g7yNhd+Q_J69n_GP>
=`tHJ|8Bznx1EQhEL*knrIL1@%f)Lie`9HuXSex#x&X(&*I=eAKto5dP>mC8W}+x*i}_8X{<rA0E$bPj-VxgGf0J5%kLqkQZ)v
O5Hb?o*G5?1AKF)b>ttfq>yrqAc*Wz}l<9eO+a?Al{`}~kKW_(!NGMk5EEPG0wo%gXxZ1>{ePIBHrN#n1zW!2P<KHFKw<ygz#R
r_k!T>o2ZSHJ19{_VP-
i@*Kx)%uh(Kbz%qr=KNlIv2k=_qIIi>S+_p!}42N{oEl5{GIi`{W!gi0$eaNFvrkE>5I;}+h)0sRPcxyOL?{Lb+3BGl)=lzGoT
swXn)@pA<u(ZjfanW@O?8KqO^<ev}?&d&za}W1U|!fJ;mp5+Y>sMPXdqsyXx^c?>ip#9ggQCo+~l$;~(`Lm2ENi6Pxx-
W|c0Eysi7PS$<ET{|^6odl#+$E!skVx$n}MFRXCfLrVrb#`!sEzY(b&&jkf}(8!e3{auOsyKr|KxUZ#~yY1ZE{qX7do(IL6e6U
}C&3wYTpo|CqyPz^lbgpkyN||w(L|;$G_I|9dmu<a?z0h0MGi!Oxc(5%dPY=h+a~n%aeTox{A)&|RBW>OUr0?nR{I<>5IO=yR+
R<)byV!SFTRx;MoA0d-
;Gkvy5m`QlC~cp)enOT{#!=31EX%R&JLBTmvo5wRrf!R{5X<o%mT7Tmbi(_|(~dnU%UkH7m1z;z?MwCSlrgqAM8@8e$}c=m%yJ
9z&YkDs{bku^ez#LC5qWO1JLW|*ZpR*$_u?RSupViDcs?}aNcK%+`!u|ZH8PJ{)Af>QJ!ch3?_76vOiqb8B$k(0PL9a@(EJ~hx
B33^d-
DGQzvC|c!VUcNgs(?z@c`#JiYPhXZnG^dbv~f=U$dXo`TsgSJN?(ywfnckpnqYV{#T;eFC#4ThWY>J)PK)a35jbt?rRx?Uq50V
&r;k<9U_%uE<Yr5(bGED9+}sk)H#%PFR{f^FX#H9SnfN|THN!Tl+zvm-
gtz5aX6lFqb&QK>#@aCf5ZIMGK1^r+<)O2o<ncD$Kn%-Yk9z4hcB=VTd^D8V%K<iX20cVYiCSI-bF7dwHZY&Ir@+pS6+@;FHF4
3dLd$ANoO9D5lOF59<FbCmNOuT^<bovW6f<Z;I2du_U%-T{pPy)oSy26<M{n7zj{@v_V6|HLI`TH-UKbKI`Z5jaU*5g#|Mv1#C
oLLO5Dr(HsW^d#BLlX-
#=veEX%iud$3Ek?ZpxNNgl_DZOvyBGY|4QPP}vF;m;B7=#Eb^?z`yt{BJIwxTuu7P5$|KTf3j?_b=!6*!Jt|u4Bxxr7t^TDTyT
|mXKIqVm*m<FUP!RH{Y#K#W;D-u}SjWMvP`2yL~C9Oy+ZndCm>yI~lhBA^Yx0G(U^oV)-Y_F(2XbB}cqO{8`(-
_0q#_G9SmaZHF$!)YUBK_pINMc9=js$@({z^O^NJ#<md>56S)==PCdBm}N8mMqDk+QN-i;4p*>;F?5W00w-
}=(jAc4ir5mZWc@W_3pBXsST~oOqZyha4G&jMh>c~vi5%zLW-
d1(HpHv4UY}S`mK#c3_PrxIw^tx;K`~i3V^NrocBP1=F^_8=A^XFLqsXHVdSkfcmx=8ek>&iu{qQ0m&M)9R&f!~}##x-
iDOo>*ui?+}e(;44k|PAc2!e;iWC%3Rg+Dni8h3CTf1Pt|vq^e0jbi=AIY%_p+HoCM@$0#V=ezgM$u;Fh{U!EcFZN(Jc3~$Xu>
;%BI?{hgT#Q9nhy|FBd6<hin2lMIekE}ls-FGt=jI5@T;P9_=am~ur9Bz<+<f_jQl6x_Nc{eU>$JZfqpc8mLb;zOo`ZL<vAr{o
FW!7gpLz0^b;MQOWqT&W$b}*(gI6&OV=xD6Q7o%rG($`D!FVh{6t3Vmb6YmUxC)Q#hT)B@$b-tLgN~SoRoIKo@*f&G7-
kq3@gr`+Gml}sf;@Q*qX~}UDsCe%pJ7x)Wqh39Fg73(hfuzNVN^p+Y{!>4j<X15K;}XTjK#r1<cFk%DSJ`F_#IV>8Ab!NL@&(6
LVQr1{BRB@N*hM%GKP^C?Jx+VFacW;i3><wfpb?hjPtmJtM~=cP^ewWFmhI=ju=$MFh*kozQArAM2@P45sqZl3?n5fqX9;sYjw
(qQ8-Y8dcR~Cwct_HFdAVL?6nMI_{-eSYa7OC1lOVMFdA=T20nxN0@bgsVYI4e7#+|JeK7_zFbh}kBYr_-L)rps8&hW-
!!Jz?;||I-HH^+!+T1W!V;e5Os|Dr63532zonEI6aUa1gsULpBidOWS)?6!u<7hj|j-
KtgRvkDFW$+$WV;wdlT}PgUP#!PicjS13?uB!>fSdT`O+HU{;vDFJ?sy9WG27hU#W2=%HH<Adk6XA0uWp9ni~J~v3aEm*=!E_l
hAsFK2fM{R2K^Z)NwT?~6aM33+<#`-
c7%IkU!ExrOZ<x1hxm>8>>|%GyUqJA+wK!THJ?{lZiBYyh)(E?PuSO$*bS>#{`kCO+ZwFJI;_VgL}DKfo_C}-
pONh5{n@<dv+jowq`2THZ&w~f?w~iS=Ah3KXQC(OFb1|0hoBuMF&|7PP5Kx9yIst-D$e+?z<8}*L%vHq%zg3@&nGyKbNCM5;w-
+w8Jxx`oWuzn$6}rlmS8EC;XN$J^!|nsHiU8x<NAy?jD}+kW65~tjVXq4WIFxqUHZoy`t3Z%+(OE`*f73Z%D83Q(3yr&XojP_!
_sp+bs9@-%v=}D@{bt}V=(KNi6@AgGE?^=q-H+;pd@o6%as@pQ%V0S^_;_;)R%25nFIP~;ka_-
$=KS<dIpXy$2_orx#V<C=0C>OWb*x*?KMi#o{X99obxZX?I>Xw?K$5#v_rXY=1B6JPTF6Xe?LcY=Aj0pPfPyG+1{BvN6=2gF$_
a71cNaM12F*o(GPvm2R+ac9nc>0F&ne60AJhbGdPYDIEhm@jWhTLXYnn*!#SMC1zf}>T*eh##gF(2*YGQ@;|6Zxcib}5Qs<?_C
0L9_mbk<c&Fu@ZK#TJ*2eUB?Gqq*&yYv|nXS#^a<L1LG$1*vWxx5@JBremI-_z1Am2&CpdL0(X@<KU>xjt9UJ5O8I%dVGkMl9v
k>v{SsrH<e*4&f^t!~yKbm)M8B*n{2Jg`M~dH}Na(;ul=Q&-
e|ux!14ZUi=Ybe=2b$eg3+nD|M9XOZ)*>C0@W;d@tKBA%b)TaGvFFzjBoK8%cLuj>*OTQ&Rq863u;C*d8TiKO}YBC3V~{b=)p>
+@saetZ$^$@pDVPcVH_5$a@R%3v7lD>l=vc@Yz=}%Ldz56F<f$Scz3wgoRju`P#C+Z64-g4rXJPWqGEyJXe-Spf0MT8mgiSDx(
rAq5{gJ99~3OltF3px}YRVpg4-5C^~+X@b3_w=V$zX;=G@<;6C2M^=AV2=dZ*?70cfg-S3_7&(wOmpKkj1ymS46^Q^&oY{wUJ-
d~9)@iP{CKK^;kzYEw(USGOskGMY1x=P!lu~I!TxN%Hg1)3<;w25+mFZYP?;63hdT%*87j=z^Pw`OnTm>VKGCcIs%zr*oexX$l
#|6=(N*E`><+()_g@2=q40M%P^uba(tUvuVvmj6Tk%?9(lH->xeWTifw!hQH{_Rr!T-<^A0FYbYTIc9)TIVN(S;n-
7)c_t*^Cgl4=4?Z*WQz{w9M!!cMZMo0(QR<^f+;67x?DGbnJI3)`K)y@cktgLVPo7czS?3&08Y(rOzVs>mXGSNsk>5G;`;0Ojq
D)cblastR&ER=s0r#e*+>bd=-
J#suhVdC_lu{EXP~SP++m=($Y1~U+=U&daGK}QDHkQb_Mv{I2ZSo0uOksa$8|p;;CR3J3+UWvme;}{B^La+5EG0N@9OdeZy_}~
5`{r<-3>=?xx>CKU*9wkb!uifNAZ=^v*`9s0Q?fynpFC!9&Zg9_65CghrfpB9f;v+d&efQ<yZIV*rk-cXw>0^@^cHoPsZ?sxO(
g#w<CO}3ljo{|+?Q$Z8}x}fl*hLlpY_P&ciQ#UX^v~shx6?;^Q3NXQum6SX8_k>Ic3O2oi1_Bf@q&A2qA50uEWo?^$GgQRj!!_
{h&Mixdzi{j}2V&Kd4Jl>i!yaKh3q6LfTj91LG;<r?mG#%Hl&_nVKmTM*6Ju8-L1^i}Tl`&Znq@KXsZtg6A-
<K^f{$hkIUG+A4^1b|;ND=lC2ykLKBibBv@em1*O5(RLy8AjjOM4tDyA!M5BTc$T9rGtm}>$Y%u3Qszori)8eh;k11z%D9;_?x
(K1Xorr}e<x*KN1gL@<(ksIQC#=3oOcp!yI=^<N3`b@&NrWYo6`=<Ii?ZUt}^{3C28wZ_jS~(6X!2W9;>L&N2IAmz6ELbF_fb)
=jy^a_Ojo`IkJ+!o&4XSZa>oh@8A;kxXp15Xt%@U8^N*P({>+{Hh{jqmVNE$<E!Z7%gE~_`P`&09_Kpb9!?*mE%#E-
g<RX_wDm69q6Gb<wAnAPoOX?({KrT)yp>XEIsOyMRfO_a=KPh(e>m6aOVSmguIrjP=9iaVbHvu29dSSVQc}ltv}bnOzY1!i7fN
v*mXQCV(T=n?CpzNEsg9U}wm&sfzMH2_qi`Q%m+@T8_HmS92-kH3?VFzS%%t3_k%2bpKzWWJg89jpGId2*Ysa;2M1RRc``5-
=B;&d-#w(P$0&QN1x*o?_+BIiiN4uV;4pq6nH*p_#;XxgIkQAkH4S8wbH)-
Dm^n*3{5oxI3N0?^LA&j;3<~&AQucjS~(uRwuuUY4A%m>R*hc=GFK<YP>Hi|+3Wgb!8!&o`iF`sX!&o!XVe^U2A+8~OUg!Q`Ae
<X5H_ivjz#+2C>=NK==XoI~tf$tgL?=x@L;rcbi737xjwhzP1F-
6;)Bz7QvfZ~k9DcFU*%qN#<v(dEKIPAn_#!hzTf{z%hm1w&{7>AL}17Fk60+^#_(U!sVy9qc-
o3^FD&PIRw_W)$4pA<nYEWu1<p{>1X*A%qtA*`a$RHj`gGoRF_T^G@wrD@OI^!tgl=@FcR4{iD)f>8w(PyhpP0M%&gKHLvJrL9
lUpVly@Hq7H1(e6`_oOUmY^5}*t%zcL$PXqIL7`@<C(!)4dp6yi_Yv|R;!?@eZ!?-
`v!{|i1_3t^ZReNvtqb=H?HM*jUw|s9Hpj1n|j*e&%;Mo3!#AC#r_!Mif5s|XZ+`pZ;4O?LzvlL6PSoS9*PQYkP!AuNCmLy7LM
i_D<7jjybb7(O;vLOS~BOTJ>1<SS+NRAK$qZCS_1d4017>Zib1|bkhkpuyjWq<g=7e3l{=Qd|Fpr~Uq$<G^JmU5?YQFiNkC{iO
8Qo5*nnpn1_w6ue>?Xo6uT$67o+Zmk3DO|^I_yyOr_>;DL1()#yuFAHbCCz`}>}O?A8l_MYB~Tp2P!vT_7==&}5h#HC$cMZL$5
9-
?VH`qE<Un?0Lsl(jL1tt^MlHU83`mc3NQ*QGMQWr%N~CbHP2ZOsAqYm0d0pe#7l@=tf&lo#55Dk$H@x5p8$8Uh0_D&1DeSn9d$
@}`xQ)N?C;q@K{BBvki5s|%6S(H@xZXR7k=TLl*oLiI`~sh23pQ(U6E<Q4*5fm*!&<DtYV5&o>_TkkvF7j0H@0)UjVYLnNtmd`
2^f!YS{#cp7>!XFi4iWg>HCIb7=~g92FJ5+5C&oZ`lBEEq7Qnb7kc6?^gwrXLs!dk7j#B7RCN)npcZQ4B{W7OEjC3Hyn>e{ZAD
bjVtJH6aTG&-<U=^}XfXl>WWRG;7;+;Qav-NAW=963M>-
@&2!fDIiz$&p_B*!)A}Nx<9|7=%54_<8n?&WuSb!b(aZi?i#!r4Sj}gz{G*00pPT)9>Y4Ph=_M6+Ia8!#&a0p-
FAP!(ZzQjH)?!_ML#x5=HL?m`#djivJ!&ZEO&#?uYu?ZWoLF&7X_!-
Q&2CMNYKEcOWg_YX+1Wc4T9^)_;W3)J0(oE9Q&&Djw$2`o%3{1s4n1Z)4QjVLV9Y0Ra)m8EyhV~MBqdU4_sMM(nu`Y_Dh%A>!X
;efVl#%s<lJ3Fxk-iVVm)tMw`y}p>xJzOraS0Y<5f)+r=3^e_Vh(0w7G~mI%)mRCj%k>Rw=o5iF$ohf0pl?aV=)G!F$yCw0>d#
3Looz{F$e=O0R7PqebEQK(F;BC7J8sNx}ht&pfft*&3N{`fsW{a_GpK;XoJ>hg_d|7ub~B+qZyi_2^ymj8lpB{!ON(Hns^B{P+
i(Qvxod$x5vZllM3>DfYK;~vUm}F(GUI60A{*^D1^c&f}$vf;wXWVvE)?_<xvrpP#INF4K+{`FQYc<pf2j6J{lI3zuOC;J>Z+1
Hj&tz=tF#y_$s=fL5L&$B8dwm&XYJN<oWn5L2eiCSaZj7Os;t1<CLlPy=c|uPP9rzJbX9$K^taZ`5d3o&6o}c+3uB^d75|xY1w
v+coc`=%ldTk@VV#Mb`2pcM-e-oGK?FG)PwEqS^kySj@a;yBag3cN2}w+R%|;#JPAAQVhd%sLp+1X?2haE9m{4Omk@xu9M|^L|
Mq+1^6vNN?wEj>`4RqJ(H-5_@Nr|SywR!}@*zcD$34c3cfzC9dF%;yY)eR7Da)?nH1tIa*%n)@L=2PV_+k+8k37-
pEF$qfCZi{spd4}_32uZ%t5ac){nO=m|9sI(QCBlQ_<aJ)*YTUQ!x`dPe2X7&5$ACPdnB6a))O~iy{s=HF2PcKjQ6n|?_#1vGu
=SqAPkiCcEk?oh@R+zPH2X@5+D2qfmjh0WIbH2Uw)KCVH89bgi3tyZ#)tG;4AAlXouf%3o6`k&HoB_^n>J*rgiRU)flg!GD_u+
{zsnWvOa;al`BoO%7eUVq_4?xP82`|ltd0mR}k3|fsDwER0u^Hydc{%p&k}sB<e{1zQh1o&L+`EVisarcuSfPcp+H!8^k|CxgM
d8b-
P3*@h6E_C3?tlcS2+06*$vfCSI523ldLB{7&L|i7g~AXIb{K{ebMdBylhC2rlA`Y%}8?NgIXTI4b*g5Z7a)tZyZ5!*<*ZeYlO@
XZ<6r!Y+v`@F^lC?PlU~Nw)^?VKo+FG2X>2%*F!QzDSN8OPqj7vc61~$KY)&k?nJcqb2P$jKWk5!7%hjU-ZLZ**;W`jR>Mo1x5
dV-z&j#RTM*wAV->l#Ei&_T*xWQxn;j6(FPA$Kb}nHjTfWUTC97~v0l16dB4Fkd8=sk8Qc0br(bp8`F|GUm^g`b-
(DC>8GF*NTSlvHUGO^fV%<*6GLblfHkiwEfBR^avNg~0gQ8Ve^3K<Txw9E_A2KcEJe@c%dG6tSr`cbA9_1$19?QLC9G@B3UXx>
wan2~*Bj1vob5I+~v&d2AYMg&zE5~wquf)wMWgFU6ag;+Qe?F5ova1iV9{2E8W4oG)@30%w%h*-
EWPB!WVpmnr0PPVFsMHGf)n~aMiUyj0S729@u#UW^6X#;r9HmYZuV4r1(>JxN9H@f^xWTri#AVouukkIe;e}>)l^uCe8871%iM
4Q>&&H+u+0_h|KR|d2rPdNR;viZ#r%uEGVpwy>`g$Bja0}{>a(EH-
&<1a!9}d1|S6he&h@QxSjnrX5OS>BMx?L^7W)#D>_y!HwH!*`!vx)QZ5w>DCJX_gS^^8i5#{`x)VHbMBXl++xU!)#b#PV?*L-
Q<3HEctf&<`W=epaO>6W_u4_IC9#F-
bYQ`Va9>RBLNjDey)PrS?g@PP~TuXxYxLR*}9xaTzw^dwj#TySbIRNz6gMxe$gj@LZ`>SK{J4N-aXy@pd(Z^~oq$-
mbEgQmWz`O6_Mo3f0*bO^oPZS0&LD7cqzJ18{@oi2O=r?Z~yqa;(5I9K|L0ykS>=5j}_nP!Uz|8am=b+(*VY$rlX@DK&~%5g%h
8a&@w+!iAM;L-fXvZ0lTsbFsVyr?Cdh**3N_=STVCN~P&SpX<tXCf2NIS38L%h$*mxF|o6;WB)$3pBigdwwm-
K)+?eKMxrmS(k`7iCVe-
~!FmtkGE69~)JMcp$lu+rHjt(%aSMzd^cid{tJJT=JeBOK&|9pRqaMWOtPdrw#2(D7pj3+NN_kXNszFb?imas6F5*$VfzV#`Z}
dSqv_~%tLz>D;<s;_mZCC9OR+;({KgaGWO8v~f*ZVN$swy=YpRt^?FXIV57)JWS#CCWM@0k0NDiy|<tXe~<A;d{9DdpGSu2LdD
uGC`AA$CX5D@y%>dIK1n7*U1(L7YUKh_nNldr$!lFdILz{W{U3KKTx^t7gO!#P;;vlV)tF)FAjaQfgaOyV{S>2HVwI)>q>se#0
5IorY})`H`jq@gDJ|YP6mCcZx&psw@U!I@^vnSITo3^=hG1ca&s#22Qc>2jX?yLgtoAz0^vn8hCp+{kuAOwpOa`2+D?Ctfy~d{
(Tc;qXunA9Dtcf-
(IP|h%?yUWEAa*6WGQ2hK@=d#}$^_GS<At(Eo@p5Qk$TUhkyT`?$n%p3X|$Af7Ktzj%r9Mn4^fu`F*U7GU1V+?DH(0QzZi^clx
IgOHib|D>}q&hN3Fl$eFNFC#G%a-$BG_fYC(;wbD#@(JWm%uK9-O<2cz7%>k@V)|Q3?d_>l0gPhY)R;*7pffTJP-
+u#Xm6!HW#3wO^ie8HU!^v)ykHXZJl0|zZsI6jolKdq4W01`zC@Z@lzR$e8pT;&KwN~SgOmz+o3Vi|Y%fT>QHptIh*EQh(r#?K
gQ%(8gQn457&)D5F+!<R#A~SX4)Y-
zjpp&6`{NCkFCyg(${eKBpTs8bQpSl&B{l!<i8f6(i~funla(q;tUKGTe#3Mmn@c+(aJo_p<}pXr=K2!Hyra}DmXFS-
e$4Or7uZ$pSxRLy|0b@ET@A)nwgt^qY6Hu2h=B{aW(dRjc}iU%M$~0qUqs#U1^&Wbw&hyFI9kH}dns*z$a?e{G+xH}Rw(rY%fA
!vz0Vx*0r&j(XwUlGGl*Al4S(PsGA*YKS3dl{`u_k{YPjG
"""

_COEFFICIENTS = """
c-jE~1poUb^ucQDfJgt0FK4((6uj>Leg^=F!^|Mds%1@u9>M=l%aJ9)Q*b<yfTI_IP=;mAzpgJw9!_KJs&-
iYd339Xjgn;<eShz><nM_U)u-71R8VVWu`*DTi)ydc$w-Ea`&KmlAck@4P0Zk(lEpfm-vS4ZS<i?w!lSE2YWeBceAH^!Uki2VO
9qeeLPBo$W$+{4t!nUL$F?$8gha=UnElM@*GadD{onTogn`XJkvvd6%fS~H4m`0rrKN-
c3R~cT_i^1l@dV}3_(IePb;T9g;$YN`e*Xz`n&w5X0eUOzk17v&^3CAMxu>fiLM<6bB-
59JwashCh4HJEKRER<?rLc{g?)$vvXU~z+a9qQD<w+tp~X-
u{9z<bhQ6;GOozxd2ddRkC7fw(imn86bH4~FbqT=JZNQ%o04DuGY#*t`$cMifFltP1Ez3va-ZgU9H4e&$C*3$31#KFc{>Kt&Ca
H241R!_`x0&d}zMdH8ODao$L__BnrK?GO?Uo*8jY%P!Kv{;RJM{!PQD_xYD#)#;Y`5x(LM=8SB@^kR-TFfduZBz)z1Mw@hMJY{
Dya=uoZpZcU-
^>94=bJX0FWhJh2Qi`y4;q(gwH}RT_dxh(<3|CmNFWb6p)CwlK*KzB`@=FHN>$^Cpmrtrw3|*%Vdg9!q|S*MLMGS$Pd%%)BVY^
@15Ef{pL=kPl%X(B=s1L27Enj7ER#~{Jk&KEtu#o*G|5sG-H=*54t>A4%po`6C8>g%_pdx-
O#_V0^H$`h;BN`o=`m<9IPy}pXco{9xMu2eV&p)62~Qt+M^zC=J(k&)d-(nYsnhtGjvxw%|JOKJD%f%#$pJ-sqpMjwI!`w5|Qn
><xo3$e#JL{CE;m_9@nngJ*gw)2nxC8Pmy3I%{NXF@26~y?2%<EI}~~K%_Ku}Tt95Ixejv)K~5T`n@@@v(#OR)QoR+??jIvFsB
R9$Y@Td2S6_W^>YhbewRDF?+YU|mSn4{R#3QU)J4ai-tBr)r9jB<2i>WZTw4w>vF&TK@(-)+AChS&$n-
%%K?OC+8ZOc>&VBtA$rq^M1BvII(MzZ_G{I-
VQA1DW}nkay<h>5F;jqyMz?p2`W<)<&1Am0l}BFT9B<g%bw*jW3PEy|~{BnBe49f?7D{*Xvmiejhp(e})PAO~BV(JrbOhwJeaw
p>TSC6-
3lzKl=_0_o<9x`AsIJz15yJ5ZWe&{neEl_t380j>YQ2zc9Z_AdBNQeCcB3}qBY+p0YI^Cv}k1^nz*?g<3)Yy8L37J<!bjj&FDQ
>*TCIucGQ@C=F~Ka}D7K4Y)ytwtciVn{F#-Tu}
"""
